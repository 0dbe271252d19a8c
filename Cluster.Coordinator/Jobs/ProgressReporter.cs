using Cluster.Messages;

namespace Cluster.Coordinator.Jobs;

/// <summary>Sends reports to the progress hub of every seed that is up. Safe to use from every actor.</summary>
internal sealed class ProgressReporter(ActorSystem system) : IProgressReporter
{
    private const string SeedRole = "seed";

    public void Report(IJobMessage report)
    {
        foreach (Member member in ActorCluster.Get(system).State.Members)
            if (member.Status == MemberStatus.Up && member.HasRole(SeedRole))
                system.ActorSelection(new RootActorPath(member.Address) / "user" / "progress").Tell(report, ActorRefs.NoSender);
    }
}
