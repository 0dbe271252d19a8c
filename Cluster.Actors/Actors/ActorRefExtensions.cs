namespace Cluster.Actors;

public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends with the running actor as the sender.</summary>
    public static void Tell(this ICanTell receiver, object message) => receiver.Tell(message, ActorCell.Current?.Self ?? ActorCell.ImplicitSender);

    /// <summary>Sends the running actor's message on, with its sender.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.Require().Sender);
}

public static class ActorRefExtensions
{
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;

    public static IActorRef GetOrElse(this IActorRef actorRef, Func<IActorRef> elseValue) => actorRef.IsNobody() ? elseValue() : actorRef;
}

public static class ActorRefFactoryExtensions
{
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Everybody under that reference's path, whatever the incarnation.</summary>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        Actors.ActorSelection.Resolve(ActorRefBase.Of(anchorRef).Provider, ActorRefBase.Of(anchorRef), actorPath);
}

public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Stops the actor and completes when it has ended; false when that takes too long.</summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        ActorRefBase reference = ActorRefBase.Of(target);
        FutureActorRef future = new(reference.Provider);
        Cancelable deadline = new(reference.Provider.System.Scheduler);
        reference.Provider.System.Scheduler.Advanced.ScheduleOnce(
            timeout, () => future.Fail(new OperationCanceledException($"{target.Path}: wanted it to end within {timeout}, got no end.")), deadline);
        Task<bool> ended = future.Answer.ContinueWith(
            task =>
            {
                deadline.Cancel();
                return task.IsCompletedSuccessfully && task.Result is Terminated;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        reference.SendSystemMessage(new Watch(target, future));
        target.Tell(stopMessage, ActorRefs.NoSender);
        return ended;
    }
}

public static class PipeToSupport
{
    /// <summary>Sends what the task gives, or <see cref="Status.Failure"/>, to the recipient.</summary>
    public static Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, recipient, sender, task => success is null ? ((Task<T>)task).Result! : success(((Task<T>)task).Result), failure);

    /// <summary>Sends what success makes once the task is done, or <see cref="Status.Failure"/>.</summary>
    public static Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, recipient, sender, _ => success?.Invoke(), failure);

    private static Task Pipe(Task task, ICanTell recipient, IActorRef? sender, Func<Task, object?> success, Func<Exception, object>? failure) =>
        task.ContinueWith(
            done =>
            {
                if (done.IsCompletedSuccessfully)
                {
                    if (success(done) is { } message)
                        recipient.Tell(message, sender);
                    return;
                }

                Exception cause = done.IsCanceled ? new TaskCanceledException(done) : Single(done.Exception!);
                recipient.Tell(failure is null ? new Status.Failure(cause) : failure(cause), sender);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    private static Exception Single(AggregateException all) => all.InnerExceptions.Count == 1 ? all.InnerExceptions[0] : all;
}
