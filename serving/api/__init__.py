"""Routes of the HTTP interface, one file for each resource."""
