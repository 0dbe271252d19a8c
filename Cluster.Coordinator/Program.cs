using Cluster.Coordinator.Cli;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
