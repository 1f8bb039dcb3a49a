"""The online door: decisions for the single window, reports in, pages for supervisors."""
