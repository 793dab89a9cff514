"""What somebody would write by hand for the same work, with requests and no run log: what routes are measured against."""
