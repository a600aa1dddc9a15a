"""Does the house hold when networks, processes and strangers do their worst?"""
