using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;

FileMask.CloseToOthers();
return await CommandLine.RunAsync(args, Terminal.OfProcess());
