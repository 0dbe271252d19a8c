namespace Cluster.Actors;

/// <summary>Asks: a message whose answer is a task.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        Ask<object>(self, _ => message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        Ask<object>(self, _ => message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        Ask<object>(self, _ => message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        Ask<T>(self, _ => message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        Ask<T>(self, _ => message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        Ask<T>(self, _ => message, timeout, cancellationToken);

    /// <summary>
    /// The answer; fails with <see cref="AskTimeoutException"/> when it is late and with the cause of a
    /// <see cref="Status.Failure"/>, unless that is what was asked for.
    /// </summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ActorRefProvider provider = ProviderOf(self) ?? throw new ArgumentException("Ask: wanted a reference of an actor system, got one of nobody; resolve it first.", nameof(self));
        FutureActorRef future = new(provider);
        Cancelable? deadline = null;
        if (timeout is { } due && due != Timeout.InfiniteTimeSpan)
        {
            deadline = new Cancelable(provider.System.Scheduler);
            provider.System.Scheduler.Advanced.ScheduleOnce(
                due, () => future.Fail(new AskTimeoutException($"Ask of {self}: wanted an answer within {due}, got none; see whether the actor lives and answers.")), deadline);
        }

        CancellationTokenRegistration registration = cancellationToken.CanBeCanceled
            ? cancellationToken.Register(() => future.Fail(new OperationCanceledException(cancellationToken)))
            : default;
        Task<T> answer = future.Answer.ContinueWith(
            task =>
            {
                deadline?.Cancel();
                registration.Dispose();
                return Unwrap<T>(task.GetAwaiter().GetResult());
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        self.Tell(messageFactory(future), future);
        return answer;
    }

    internal static ActorRefProvider? ProviderOf(ICanTell receiver) => receiver switch
    {
        _ when ActorCell.Current is { } cell => cell.Owner.Provider,
        Nobody => null,
        ActorRefBase reference => reference.Provider,
        ActorSelection selection => selection.Provider,
        IWrapsActorRef wrapped => ProviderOf(wrapped.Wrapped),
        _ => null,
    };

    private static T Unwrap<T>(object answer) => answer switch
    {
        T wanted => wanted,
        Status.Failure failure => throw failure.Cause,
        _ => throw new ArgumentException($"Ask: wanted an answer of type {typeof(T)}, got {answer.GetType()}: {answer}; ask for what the actor sends."),
    };
}

/// <summary>A reference that stands for another, such as a test probe.</summary>
internal interface IWrapsActorRef
{
    IActorRef Wrapped { get; }
}
