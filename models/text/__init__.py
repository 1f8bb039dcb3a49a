"""What a report says: normalised, masked, segmented, classified, with its evidence."""
