using Cluster.Seed;

return await new SeedProgram().RunAsync(args, Console.Error);
