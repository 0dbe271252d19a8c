using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;

FileMask.CloseToOthers();
Terminal terminal = Terminal.OfProcess();
AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    Environment.Exit(CommandLine.Failed(terminal, unhandled.ExceptionObject as Exception ?? new InvalidOperationException($"{unhandled.ExceptionObject}")));

// Not by returning: a thread that waits for a broken disk must not keep the process.
Environment.Exit(await CommandLine.RunAsync(args, terminal));
