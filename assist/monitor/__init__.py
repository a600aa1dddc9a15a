"""What does a Coordinator see, and is the house well?"""
