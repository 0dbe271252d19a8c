namespace Cluster.Actors;

internal sealed partial class ActorCell
{
    private readonly ActorDispatcher _dispatcher;
    private readonly int _throughput;
    private readonly ConcurrentQueue<Envelope> _queue = new();
    private Stack<Envelope>? _front;
    private SystemMessage? _systemQueue;
    private int _scheduled;
    private volatile int _suspensions;
    private volatile bool _closed;

    internal bool IsTerminated => _closed;

    internal int QueuedMessages => _queue.Count + (_front?.Count ?? 0);

    void IThreadPoolWorkItem.Execute() => Run();

    internal void Send(object message, IActorRef? sender)
    {
        _queue.Enqueue(new Envelope(message, sender));
        TrySchedule();
    }

    internal void SendSystem(SystemMessage message)
    {
        SystemMessage? head;
        do
        {
            head = Volatile.Read(ref _systemQueue);
            message.Next = head;
        }
        while (Interlocked.CompareExchange(ref _systemQueue, message, head) != head);
        TrySchedule();
    }

    /// <summary>Puts messages before all that wait, the first of the list first.</summary>
    internal void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        _front ??= new Stack<Envelope>();
        for (int i = envelopes.Count - 1; i >= 0; i--)
            _front.Push(envelopes[i]);
    }

    private void TrySchedule()
    {
        if (Volatile.Read(ref _scheduled) == 0 && Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
            _dispatcher.Schedule(this);
    }

    private void Run()
    {
        ActorCell? outer = s_current;
        s_current = this;
        try
        {
            if (!_closed)
            {
                ProcessSystemMessages();
                ProcessMailbox();
            }

            if (_closed)
                DrainToDeadLetters();
        }
        finally
        {
            s_current = outer;
        }

        // A full fence: what was enqueued before it is seen below, what comes after sees the mailbox free.
        Interlocked.Exchange(ref _scheduled, 0);
        if (HasWork())
            TrySchedule();
    }

    private bool HasWork() =>
        Volatile.Read(ref _systemQueue) is not null
        || ((_suspensions == 0 || _closed) && (!_queue.IsEmpty || _front is { Count: > 0 }));

    private void ProcessMailbox()
    {
        int left = _throughput;
        while (left-- > 0 && _suspensions == 0 && !_closed && TryDequeue(out Envelope envelope))
        {
            Invoke(envelope);
            if (Volatile.Read(ref _systemQueue) is not null)
                ProcessSystemMessages();
        }
    }

    private bool TryDequeue(out Envelope envelope)
    {
        if (_front is { } front && front.TryPop(out envelope))
            return true;
        return _queue.TryDequeue(out envelope);
    }

    private void ProcessSystemMessages()
    {
        while (!_closed && TakeSystemMessages() is { } message)
        {
            for (SystemMessage? current = message; current is not null;)
            {
                SystemMessage? next = current.Next;
                current.Next = null;
                if (_closed)
                    DeadLetterActorRef.HandleSystem(current);
                else
                    InvokeSystem(current);
                current = next;
            }
        }
    }

    /// <summary>Takes all waiting system messages, oldest first.</summary>
    private SystemMessage? TakeSystemMessages()
    {
        SystemMessage? newest = Interlocked.Exchange(ref _systemQueue, null);
        SystemMessage? oldest = null;
        while (newest is not null)
        {
            SystemMessage? next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }

    private void DrainToDeadLetters()
    {
        for (SystemMessage? message = TakeSystemMessages(); message is not null;)
        {
            SystemMessage? next = message.Next;
            message.Next = null;
            DeadLetterActorRef.HandleSystem(message);
            message = next;
        }

        while (TryDequeue(out Envelope envelope))
            _system.DeadLettersRef.Handle(envelope.Message, envelope.Sender, _self);
    }
}
