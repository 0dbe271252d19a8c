namespace Cluster.Actors;

/// <summary>Where an actor system can be reached. Without a host the address is local to the system.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>
{
    private readonly string _text;
    private readonly int _hash;

    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = string.IsNullOrEmpty(host) ? null : host;
        Port = Host is null ? null : port;
        _text = Host is null ? $"{protocol}://{system}" : $"{protocol}://{system}@{Host}:{Port}";
        _hash = StableHash.Of(_text);
    }

    /// <summary>An address that equals no other.</summary>
    public static Address AllSystems { get; } = new("akka", "all-systems");

    public string? Host { get; }

    public int? Port { get; }

    public string System { get; }

    public string Protocol { get; }

    public bool HasLocalScope => Host is null;

    public bool HasGlobalScope => Host is not null;

    /// <exception cref="FormatException">The text is no address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out Address? parsed)
            ? parsed
            : throw new FormatException($"Address: wanted protocol://system[@host:port], got '{address}'; correct it.");

    public static bool TryParse(string address, [NotNullWhen(true)] out Address? parsed)
    {
        parsed = null;
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
            return false;
        string protocol = address[..scheme];
        string rest = address[(scheme + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
            rest = rest[..slash];
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            parsed = rest.Length == 0 ? null : new Address(protocol, rest);
            return parsed is not null;
        }

        int colon = rest.LastIndexOf(':');
        if (at == 0 || colon <= at + 1 || !int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            return false;
        parsed = new Address(protocol, rest[..at], rest[(at + 1)..colon], port);
        return true;
    }

    public string HostPort() => Host is null ? System : $"{System}@{Host}:{Port}";

    public override string ToString() => _text;

    public bool Equals(Address? other) => other is not null && (ReferenceEquals(this, other) || string.Equals(_text, other._text, StringComparison.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => _hash;

    public int CompareTo(Address? other) => other is null ? 1 : string.CompareOrdinal(_text, other._text);

    public static bool operator ==(Address? left, Address? right) => Equals(left, right);

    public static bool operator !=(Address? left, Address? right) => !Equals(left, right);

    public static bool operator <(Address? left, Address? right) => Comparer<Address>.Default.Compare(left, right) < 0;

    public static bool operator >(Address? left, Address? right) => Comparer<Address>.Default.Compare(left, right) > 0;

    public static bool operator <=(Address? left, Address? right) => Comparer<Address>.Default.Compare(left, right) <= 0;

    public static bool operator >=(Address? left, Address? right) => Comparer<Address>.Default.Compare(left, right) >= 0;
}
