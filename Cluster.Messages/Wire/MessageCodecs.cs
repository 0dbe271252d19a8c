using System.Diagnostics.CodeAnalysis;
using Cluster.Messages.Wire.Codecs;

namespace Cluster.Messages.Wire;

/// <summary>Every type that may travel or be journalled, with its manifest and codec. Nothing is ever found by a type's name.</summary>
/// <remarks>
/// Made once at the start of a node: <c>MessageCodecs.ForMessages().Register(…)</c> for what else is journalled, and handed
/// to the node's serializer, after which it is only read.
/// </remarks>
public sealed class MessageCodecs
{
    private readonly Dictionary<Type, MessageCodec> _byType = [];
    private readonly Dictionary<string, MessageCodec> _byManifest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MessageCodec> _old = new(StringComparer.Ordinal);
    private bool _frozen;

    private MessageCodecs()
    {
    }

    /// <summary>All codecs, in the order in which they were registered.</summary>
    public IReadOnlyCollection<MessageCodec> All => _byManifest.Values;

    /// <summary>The codecs of every <see cref="IClusterMessage"/>.</summary>
    public static MessageCodecs ForMessages()
    {
        var codecs = new MessageCodecs();
        StateExchangeCodecs.AddTo(codecs);
        ParameterRangesCodecs.AddTo(codecs);
        DataShardsCodecs.AddTo(codecs);
        DataSourcesCodecs.AddTo(codecs);
        DataRoutesCodecs.AddTo(codecs);
        SightingsCodecs.AddTo(codecs);
        TasksCodecs.AddTo(codecs);
        JobsCodecs.AddTo(codecs);
        ParametersCodecs.AddTo(codecs);
        ProgressCodecs.AddTo(codecs);
        return codecs;
    }

    /// <summary>Adds a type.</summary>
    /// <param name="manifest">1 to 16 characters, unique. A changed layout needs a new one beside the old.</param>
    /// <param name="write">Writes its fields.</param>
    /// <param name="read">Reads them, in the same order.</param>
    /// <param name="bytesMax">How long it may be.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The type or the manifest is there already, or the manifest is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">A node is using the registry.</exception>
    public MessageCodecs Register<T>(
        string manifest, WriteFields<T> write, ReadFields<T> read, int bytesMax = Limits.SmallMessageBytesMax)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(manifest);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesMax, Limits.MessageBytesMax);
        if (_frozen)
            throw new InvalidOperationException($"MessageCodecs.Register({manifest}): wanted a registry not yet in use; register before the node starts.");
        if (manifest.Length > Limits.ManifestCharsMax)
            throw new ArgumentException($"MessageCodecs.Register: wanted a manifest of at most {Limits.ManifestCharsMax} characters, got {manifest}.", nameof(manifest));
        if (_byType.ContainsKey(typeof(T)) || _byManifest.ContainsKey(manifest) || _old.ContainsKey(manifest))
            throw new ArgumentException($"MessageCodecs.Register: wanted a new type and manifest, got {typeof(T).Name} as {manifest}, one of which is registered.", nameof(manifest));
        var codec = new MessageCodec<T>(manifest, bytesMax, write, read);
        _byType.Add(typeof(T), codec);
        _byManifest.Add(manifest, codec);
        return this;
    }

    /// <summary>Adds an earlier layout of a type, which journals that an earlier version wrote still hold. It is read, and never written.</summary>
    /// <param name="manifest">The manifest that it was written under.</param>
    /// <param name="read">Reads its fields, and fills in what it lacks.</param>
    /// <param name="bytesMax">How long it may be.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The manifest is there already.</exception>
    /// <exception cref="InvalidOperationException">A node is using the registry.</exception>
    public MessageCodecs RegisterOld<T>(string manifest, ReadFields<T> read, int bytesMax = Limits.SmallMessageBytesMax)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(manifest);
        ArgumentNullException.ThrowIfNull(read);
        if (_frozen)
            throw new InvalidOperationException($"MessageCodecs.RegisterOld({manifest}): wanted a registry not yet in use; register before the node starts.");
        if (_byManifest.ContainsKey(manifest) || _old.ContainsKey(manifest))
            throw new ArgumentException($"MessageCodecs.RegisterOld: wanted a new manifest, got {manifest}, which is registered.", nameof(manifest));
        _old.Add(manifest, new MessageCodec<T>(
            manifest, bytesMax, (_, _) => throw new UnsendableMessageException(typeof(T).Name, "its newest layout", manifest), read));
        return this;
    }

    /// <summary>The codec of that type.</summary>
    public bool TryFind(Type type, [NotNullWhen(true)] out MessageCodec? codec) => _byType.TryGetValue(type, out codec);

    /// <summary>The codec of that manifest, be it of an earlier layout.</summary>
    public bool TryFind(string manifest, [NotNullWhen(true)] out MessageCodec? codec) => _byManifest.TryGetValue(manifest, out codec) || _old.TryGetValue(manifest, out codec);

    /// <summary>From now on nothing can be added: several threads may read.</summary>
    internal MessageCodecs Freeze()
    {
        _frozen = true;
        return this;
    }
}
