using Cluster.Ml.Data;
using Cluster.Worker;

FileMask.CloseToOthers();
return await new WorkerProgram().RunAsync(args, new VisibleWriter(Console.Error));
