"""What happened? History in SQL, written from the event stream and by nothing else."""
