"""The sandbox's page: what each person sees, what Chairside does meanwhile, and what can be done there."""
