"""A simulated world with a known truth: firms, goods, defects, inspections and complaints."""
