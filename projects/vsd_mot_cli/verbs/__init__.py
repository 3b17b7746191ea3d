"""Arguments and help of the commands, one module each; see `vsd_mot_cli.parsing`."""
