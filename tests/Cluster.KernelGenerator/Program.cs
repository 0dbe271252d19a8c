using Cluster.KernelGenerator;

// Writes the generated files over those that are checked in: dotnet run --project tests/Cluster.KernelGenerator [REPOSITORY]
string root = args.Length > 0 ? args[0] : Directory.GetCurrentDirectory();
if (!File.Exists(Path.Combine(root, "Cluster.sln")))
{
    Console.Error.WriteLine($"{root}: wanted the folder of Cluster.sln, got another; name it as the argument.");
    return 2;
}
foreach ((string path, string text) in Generated.Files)
{
    File.WriteAllText(Path.Combine(root, path), text);
    Console.WriteLine(path);
}
return 0;
