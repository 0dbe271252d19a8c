using Cluster.Worker;

return await new WorkerProgram().RunAsync(args, Console.Error);
