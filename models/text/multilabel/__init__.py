"""Several labels for one text: what is learned, how sources are weighed, when a label is given."""
