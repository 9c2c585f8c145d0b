"""How much hardware a workload needs: demand, memory, throughput, latency, power. Roofline physics, calibrated, with an error band."""
