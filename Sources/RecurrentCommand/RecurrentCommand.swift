// RecurrentCommand: verbs, argument parsing, console.
