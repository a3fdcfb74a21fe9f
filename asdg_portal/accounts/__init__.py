"""The people of the portal: roles, sign-in, invitations, sessions."""
