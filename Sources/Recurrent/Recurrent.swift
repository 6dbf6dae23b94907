// Recurrent: the umbrella.
