"""Reports that say nearly the same: their clusters, and floods of them."""
