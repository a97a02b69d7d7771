"""The ways out of the portal: text messages and mail."""
