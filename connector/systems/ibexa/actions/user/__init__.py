"""Actions on one user: the account, its groups, its password."""
