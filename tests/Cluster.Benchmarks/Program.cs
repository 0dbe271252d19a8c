using Cluster.Benchmarks;

return await Subcommands.RunAsync(args);
