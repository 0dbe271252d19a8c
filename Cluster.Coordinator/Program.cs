using Cluster.Coordinator.Programs;

// Not by returning: a thread that waits for a broken disk must not keep the process.
Environment.Exit(await ClusterCommand.RunAsync(args));
