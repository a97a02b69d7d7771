"""Pages for heads of office: workload, and the working-day calendar."""
