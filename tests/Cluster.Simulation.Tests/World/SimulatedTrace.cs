namespace Cluster.Simulation.Tests.World;

/// <summary>What a history was, as one number, and as text where somebody wants to read it.</summary>
internal sealed class SimulatedTrace(TextWriter? text)
{
    private const ulong Basis = 14695981039346656037UL, Prime = 1099511628211UL;      // FNV-1a, by words

    private readonly Dictionary<Type, ulong> _types = [];

    /// <summary>Of every message that an actor was given, with time, receiver and type, in order.</summary>
    public ulong Hash { get; private set; } = Basis;

    /// <summary>How many.</summary>
    public long Messages { get; private set; }

    /// <summary>Whether text is written.</summary>
    public bool IsWritten => text is not null;

    /// <summary>Told every message that an actor is given; null for nobody.</summary>
    public Action<object>? OnTold { get; set; }

    /// <summary>A hash of text that is the same in every process.</summary>
    public static ulong HashOf(string words)
    {
        ulong hash = Basis;
        foreach (char letter in words) hash = Mix(hash, letter);
        return hash;
    }

    /// <summary>An actor was given a message.</summary>
    public void OnMessage(TimeSpan at, string receiver, ulong receiverHash, Envelope envelope)
    {
        Type type = envelope.Message.GetType();
        if (!_types.TryGetValue(type, out ulong name)) _types[type] = name = HashOf(type.Name);
        Hash = Mix(Mix(Mix(Hash, (ulong)at.Ticks), receiverHash), name);
        Messages++;
        OnTold?.Invoke(envelope.Message);
        if (text is not null) Write(at, $"{receiver} <- {envelope.Sender?.Path}: {Short(envelope.Message)}");
    }

    /// <summary>Something else happened: only the text tells it.</summary>
    public void Write(TimeSpan at, string line) => text?.WriteLine($"{at.TotalMilliseconds,10:F3} {line}");

    private static string Short(object message)
    {
        string words = $"{message.GetType().Name}: {message}".ReplaceLineEndings(" ");
        return words.Length <= 300 ? words : words[..300];
    }

    private static ulong Mix(ulong hash, ulong value) => unchecked((hash ^ value) * Prime);
}
