"""How intensively a line is inspected: lane, draw, items."""
