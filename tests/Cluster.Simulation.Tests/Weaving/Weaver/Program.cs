using Cluster.Simulation.Weaver;

// Arguments: the folder for the woven assemblies, then the assemblies. References are found beside them and in the framework.
if (args.Length < 2)
{
    await Console.Error.WriteLineAsync("weaver: wanted a folder and assemblies, got " + args.Length + " arguments");
    return 2;
}
Directory.CreateDirectory(args[0]);
int errors = 0;
foreach (string file in args.Skip(1))
{
    WeavingReport report = AssemblyWeaver.Weave(file, Path.Combine(args[0], Path.GetFileName(file)), args.Skip(1));
    await Console.Out.WriteLineAsync($"{Path.GetFileName(file)}: {report.Woven} calls");
    foreach (string call in report.Unknown) await Console.Error.WriteLineAsync($"{Path.GetFileName(file)}: error: wanted a hook for {call}, got none; add one to Woven, or its type to AllowedCalls with a reason");
    errors += report.Unknown.Count;
}
return errors == 0 ? 0 : 1;
