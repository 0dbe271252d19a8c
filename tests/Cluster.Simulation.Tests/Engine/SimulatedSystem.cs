using System.Collections.Immutable;
using Akka.Actor.Setup;
using Akka.Configuration;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Engine;

/// <summary>Makes a node's actor system as production does, with its own configuration and serializer, in the world.</summary>
internal static class SimulatedSystem
{
    /// <summary>Starts the system of a life, and tells it to join.</summary>
    public static ActorSystem Start(NodeLife life, NodeOptions options, MessageCodecs codecs)
    {
        SimulatedWorld world = life.Node.World;
        Config production = NodeConfiguration.Write(options, world.Trace.IsWritten ? LogLevel.DebugLevel : LogLevel.ErrorLevel);
        MessageCodecs frozen = codecs.Freeze();
        ActorSystemSetup setup = BootstrapSetup.Create().WithConfig(SimulatedSettings.Of(life, options, production)).And(SerializationSetup.Create(system =>
            ImmutableHashSet.Create(SerializerDetails.Create(
                "cluster-messages", new ClusterMessageSerializer(system, frozen), [.. frozen.All.Select(codec => codec.Type)]))));
        ActorSystem system = ActorSystem.Create(options.SystemName, setup);
        system.EventStream.Subscribe(new LogWriter(system, life), typeof(LogEvent));
        ActorCluster membership = ActorCluster.Get(system);
        Address self = membership.SelfAddress;
        membership.JoinSeedNodes([.. options.Seeds.Select(seed => new Address(self.Protocol, self.System, seed.Host, seed.Port))]);
        return system;
    }

    /// <summary>Writes log lines to the trace. No actor, and there with and without text: whether a history is read does not change it.</summary>
    private sealed class LogWriter(ActorSystem system, NodeLife life) : MinimalActorRef
    {
        private readonly SimulatedTrace _trace = life.Node.World.Trace;

        public override ActorPath Path { get; } = new RootActorPath(new Address("akka", system.Name)) / "trace";

        public override IActorRefProvider Provider => ((ExtendedActorSystem)system).Provider;

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (_trace.IsWritten && message is LogEvent line)
                _trace.Write(life.Node.World.Elapsed, $"{life.Node.Name}: {line.LogSource}: [{line.LogLevel()}] {line.Message}{(line.Cause is { } cause ? " " + cause.Message : "")}".ReplaceLineEndings(" "));
        }
    }
}
