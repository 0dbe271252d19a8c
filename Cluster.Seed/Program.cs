using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Seed;

return await NodeProgram.RunAsync(
    args, NodeRoles.Seed, MessageCodecs.ForMessages(), node => SeedNode.Start(node.System), Console.Error);
