namespace Cluster.Actors.TestKit;

public abstract partial class TestKitBase
{
    public T ExpectMsg<T>(TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, null, hint).Message;

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null)
    {
        T received = Expect<T>(timeout, null, hint).Message;
        if (!Equals(received, message))
            throw Failure(hint, $"wanted {message}, got {received}");
        return received;
    }

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, (message, _) => isMessage(message), hint).Message;

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null)
    {
        T message = Expect<T>(timeout, null, hint).Message;
        assert(message);
        return message;
    }

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null) =>
        Expect(timeout, isMessageAndSender, hint).Message;

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null)
    {
        (T message, IActorRef sender) = Expect<T>(timeout, null, hint);
        assertMessageAndSender(message, sender);
        return message;
    }

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, (_, from) => from.Equals(sender), hint ?? $"from {sender}").Message;

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null) =>
        Expect<T>(timeout, (received, from) => Equals(received, message) && from.Equals(sender), hint ?? $"{message} from {sender}").Message;

    /// <summary>The next message is one of those.</summary>
    public T ExpectMsgAnyOf<T>(params T[] messages) =>
        Expect<T>(null, (received, _) => messages.Contains(received), $"any of {string.Join(", ", messages)}").Message;

    /// <summary>The next messages are those, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages)
    {
        List<T> received = [];
        List<T> missing = [.. messages];
        for (int i = 0; i < messages.Length; i++)
        {
            T message = Expect<T>(null, null, $"all of {string.Join(", ", messages)}").Message;
            if (!missing.Remove(message))
                throw Failure(null, $"wanted one of {string.Join(", ", missing)}, got {message}");
            received.Add(message);
        }

        return received;
    }

    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null) =>
        Expect<Terminated>(timeout, (message, _) => message.ActorRef.Equals(target), hint ?? $"Terminated of {target}").Message;

    public void ExpectNoMsg() => ExpectNoMsg(NoMessageTimeout);

    public void ExpectNoMsg(int milliseconds) => ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds));

    public void ExpectNoMsg(TimeSpan duration)
    {
        if (_queue.Take(duration) is { } unexpected)
            throw Failure(null, $"wanted no message for {duration}, got {unexpected.Message} from {unexpected.Sender}");
    }

    /// <summary>The next message, of any type; null when none comes in time.</summary>
    public object? ReceiveOne(TimeSpan? max = null)
    {
        MessageEnvelope? next = _queue.Take(max ?? RemainingOrDefault);
        if (next is not null)
            _last = next;
        return next?.Message;
    }

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages) => ReceiveN(numberOfMessages, RemainingOrDefault);

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max)
    {
        TimeSpan end = Clock + max;
        List<object> messages = new(numberOfMessages);
        while (messages.Count < numberOfMessages)
        {
            messages.Add(ReceiveOne(end - Clock)
                ?? throw Failure(null, $"wanted {numberOfMessages} messages within {max}, got {messages.Count}: {string.Join(", ", messages)}"));
        }

        return messages;
    }

    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "") => FishForMessage<object>(isMessage, max, hint);

    /// <summary>The first message of the type that fits; those before it are thrown away.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "")
    {
        TimeSpan wait = max ?? RemainingOrDefault;
        TimeSpan end = Clock + wait;
        int others = 0;
        while (true)
        {
            object message = ReceiveOne(end - Clock) ?? throw Failure(hint, $"wanted a fitting {typeof(T).Name} within {wait}, got {others} others");
            if (message is T typed && isMessage(typed))
                return typed;
            others++;
        }
    }

    public void Within(TimeSpan max, Action action) => Within(TimeSpan.Zero, max, action);

    public void Within(TimeSpan min, TimeSpan max, Action action) => Within(min, max, () =>
    {
        action();
        return true;
    });

    public T Within<T>(TimeSpan max, Func<T> function) => Within(TimeSpan.Zero, max, function);

    /// <summary>The function ends no sooner and no later; expectations in it share its deadline.</summary>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function)
    {
        TimeSpan start = Clock;
        TimeSpan? outer = _end;
        _end = outer is { } sooner && sooner < start + max ? sooner : start + max;
        try
        {
            T result = function();
            TimeSpan took = Clock - start;
            if (took < min || took > max)
                throw Failure(null, $"wanted it to take from {min} to {max}, got {took}");
            return result;
        }
        finally
        {
            _end = outer;
        }
    }

    /// <summary>Tries until the assertion no longer throws.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null)
    {
        TimeSpan end = Clock + (duration ?? RemainingOrDefault);
        while (true)
        {
            try
            {
                assertion();
                return;
            }
            catch (Exception cause)
            {
                if (Clock >= end)
                    throw new TestKitException($"AwaitAssert: wanted the assertion to hold in the end, got: {cause.Message}", cause);
            }

            Pause(interval);
        }
    }

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max = null, TimeSpan? interval = null, string? message = null)
    {
        TimeSpan end = Clock + (max ?? RemainingOrDefault);
        while (!conditionIsFulfilled())
        {
            if (Clock >= end)
                throw Failure(message, $"wanted the condition to hold within {max ?? DefaultTimeout}, got false");
            Pause(interval);
        }
    }

    private static void Pause(TimeSpan? interval)
    {
        using ManualResetEventSlim never = new();
        never.Wait(interval ?? TimeSpan.FromMilliseconds(10));
    }

    private static TestKitException Failure(string? hint, string text) =>
        new(string.IsNullOrEmpty(hint) ? $"Expectation: {text}." : $"Expectation ({hint}): {text}.");

    private (T Message, IActorRef Sender) Expect<T>(TimeSpan? timeout, Func<T, IActorRef, bool>? fits, string? hint)
    {
        TimeSpan wait = RemainingOrDilated(timeout);
        MessageEnvelope received = _queue.Take(wait) ?? throw Failure(hint, $"wanted a message of type {typeof(T)} within {wait}, got none");
        _last = received;
        if (received.Message is not T typed)
            throw Failure(hint, $"wanted a message of type {typeof(T)}, got {received.Message} of type {received.Message.GetType()} from {received.Sender}");
        if (fits is not null && !fits(typed, received.Sender))
            throw Failure(hint, $"wanted a {typeof(T).Name} that fits, got {typed} from {received.Sender}");
        return (typed, received.Sender);
    }
}
