using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Worker;

return await NodeProgram.RunAsync(
    args, NodeRoles.Worker, MessageCodecs.ForMessages(),
    node => WorkerNode.Start(node.System, new WorkerOptions(new WorkerId(node.Name)), new WorkerPools(node.Compute)), Console.Error);
