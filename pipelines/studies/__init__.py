"""Published benchmarks, converted into exchange tables and run through the ordinary steps."""
