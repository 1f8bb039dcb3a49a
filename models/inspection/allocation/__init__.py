"""How a day's hours and a laboratory's units are shared: one price each, steered as lines come."""
