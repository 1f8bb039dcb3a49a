"""What personal data looks like, kind by kind: the rules that ``models.text.privacy`` masks by."""
