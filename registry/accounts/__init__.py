"""People who sign in: sign-up, sign-in, codes by SMS and e-mail, sessions, second factors."""
