namespace Cluster.Actors;

/// <summary>A temporary reference that takes one message and completes a task with it.</summary>
internal sealed class FutureActorRef : MinimalActorRef
{
    private readonly TaskCompletionSource<object> _answer;
    private readonly NodeNetwork? _routed;

    internal FutureActorRef(ActorRefProvider provider)
    {
        Provider = provider;
        _routed = provider.System.RoutedNetwork;
        Path = provider.NextTempPath();
        _answer = new TaskCompletionSource<object>(provider.System.Dispatcher.ContinuesInline
            ? TaskCreationOptions.None
            : TaskCreationOptions.RunContinuationsAsynchronously);
        provider.TempContainer.Add(Path.Name, this);
    }

    public override ActorPath Path { get; }

    internal override ActorRefProvider Provider { get; }

    internal override bool IsTerminated => _answer.Task.IsCompleted;

    internal Task<object> Answer => _answer.Task;

    internal override void SendSystemMessage(SystemMessage message)
    {
        if (_routed is not null && _routed.ForeignNode(Provider.System) is { } from)
            from.SendSystem(this, message);
        else if (message is DeathWatchNotification death)
            Complete(new Terminated(death.Actor, death.ExistenceConfirmed, death.AddressTerminated), death.Actor);
        else if (message is Watch)
            DeadLetterActorRef.HandleSystem(message);
    }

    internal void Fail(Exception cause)
    {
        Provider.TempContainer.Remove(Path.Name);
        if (cause is OperationCanceledException)
            _answer.TrySetCanceled();
        else
            _answer.TrySetException(cause);
    }

    private protected override void TellInternal(object message, IActorRef? sender)
    {
        if (_routed is not null && _routed.ForeignNode(Provider.System) is { } from)
            from.Send(this, message, sender);
        else
            Complete(message, sender);
    }

    private void Complete(object message, IActorRef? sender)
    {
        Provider.TempContainer.Remove(Path.Name);
        if (!_answer.TrySetResult(message))
            Provider.DeadLetterRef.Handle(message, sender, this);
    }
}
