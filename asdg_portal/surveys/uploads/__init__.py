"""A filled questionnaire uploaded into its report: seen beside what was read, and then taken."""
