using Cluster.Messages.Node;

namespace Cluster.Worker.Sources;

/// <summary>The node's fetchers of data, one for each job whose data is being fetched: all its shards, or its task, wait for the same.</summary>
internal sealed class SourceFetchersActor : ReceiveActor
{
    public SourceFetchersActor(WorkerOptions options, IComputePool compute) => Receive<FetchSource>(fetch =>
    {
        string name = $"{fetch.Job}";
        IActorRef fetcher = Context.Child(name);
        if (fetcher.IsNobody()) fetcher = Context.ActorOf(SourceFetchActor.CreateProps(options, compute), name);
        fetcher.Forward(fetch);
    });

    public static Props CreateProps(WorkerOptions options, IComputePool compute) =>
        Props.Create(() => new SourceFetchersActor(options, compute));
}
