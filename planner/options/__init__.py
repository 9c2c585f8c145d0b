"""Every way each workload could be served, sized, priced and judged; for each way not open, the reason."""
