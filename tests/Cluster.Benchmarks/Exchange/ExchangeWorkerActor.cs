using Cluster.Messages;
using Cluster.Messages.Wire;

namespace Cluster.Benchmarks.Exchange;

/// <summary>Answers: a state that is whole by a small message or by a contribution of the same size, small messages by one for all.</summary>
internal sealed class ExchangeWorkerActor : ReceiveActor
{
    private readonly Trial _trial;
    private readonly BlockAssembly _assembly = new();
    private readonly byte[] _vector;
    private int _messages;

    public ExchangeWorkerActor(Trial trial)
    {
        _trial = trial;
        _vector = new byte[trial.Bytes];
        _assembly.Begin(trial.Bytes);
        Receive<PublishState>(OnBlock);
        Receive<RequestContribution>(_ => OnSmall());
    }

    public static Props For(Trial trial) => Props.Create(() => new ExchangeWorkerActor(trial));

    private void OnBlock(PublishState publish)
    {
        if (_assembly.Add(publish.Block, publish.State) != BlockOutcome.Completed) return;
        _assembly.Begin(_trial.Bytes);
        if (_trial.Kind == TrialKind.Exchange) ExchangeMessages.Contribute(Sender, 0, _vector, Self);
        else Sender.Tell(ExchangeMessages.Small(0));
    }

    private void OnSmall()
    {
        if (++_messages % _trial.Messages == 0) Sender.Tell(ExchangeMessages.Small(_messages));
    }
}
