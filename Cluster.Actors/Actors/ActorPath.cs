using System.Text;

namespace Cluster.Actors;

/// <summary>The name of an actor: the names from the root of its system down. Two paths are equal whatever their incarnation.</summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    private const string PathCharacters = "-_.*$+:@&=,!~';()";
    private int _hash;

    internal ActorPath(Address address, ActorPath? parent, string name, long uid)
    {
        Address = address;
        ParentOrNull = parent;
        Name = name;
        Uid = uid;
    }

    public Address Address { get; }

    public string Name { get; }

    /// <summary>Which incarnation of the path; 0 where none is meant.</summary>
    public long Uid { get; }

    public ActorPath Parent => ParentOrNull ?? this;

    public abstract ActorPath Root { get; }

    /// <summary>The names from the root down; empty for the root.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            List<string> elements = [];
            for (ActorPath path = this; path.ParentOrNull is not null; path = path.ParentOrNull)
                elements.Add(path.Name);
            elements.Reverse();
            return elements;
        }
    }

    internal ActorPath? ParentOrNull { get; }

    public static bool IsValidPathElement(string element) =>
        element.Length > 0 && element[0] != '$' && HasPathCharacters(element);

    /// <exception cref="FormatException">The text is no path with an address.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out ActorPath? parsed)
            ? parsed
            : throw new FormatException($"ActorPath: wanted protocol://system[@host:port]/names, got '{path}'; correct it.");

    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        if (!Address.TryParse(path, out Address? address))
            return false;
        string rest = path[(path.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        ActorPath current = new RootActorPath(address);
        if (slash >= 0)
        {
            long uid = 0;
            string names = rest[slash..];
            int hash = names.IndexOf('#', StringComparison.Ordinal);
            if (hash >= 0)
            {
                if (!long.TryParse(names.AsSpan(hash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out uid))
                    return false;
                names = names[..hash];
            }

            string[] elements = names.Split('/', StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < elements.Length; i++)
            {
                if (!HasPathCharacters(elements[i]))
                    return false;
                current = new ChildActorPath(current, elements[i], i == elements.Length - 1 ? uid : 0);
            }
        }

        actorPath = current;
        return true;
    }

    public ActorPath Child(string childName) => new ChildActorPath(this, childName, 0);

    public abstract ActorPath WithUid(long uid);

    public string ToStringWithoutAddress()
    {
        if (ParentOrNull is null)
            return "/";
        StringBuilder text = new();
        AppendNames(text);
        return text.ToString();
    }

    public string ToStringWithAddress() => ToStringWithAddress(Address);

    /// <summary>The path with its own address where it has a host, with the given one otherwise.</summary>
    public string ToStringWithAddress(Address address) =>
        (Address.HasGlobalScope ? Address : address) + ToStringWithoutAddress();

    public string ToStringWithUid() => AppendUid(ToStringWithAddress());

    public string ToSerializationFormat() => AppendUid(ToStringWithAddress());

    public string ToSerializationFormatWithAddress(Address address) => AppendUid(ToStringWithAddress(address));

    public override string ToString() => ToStringWithAddress();

    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || GetHashCode() != other.GetHashCode())
            return false;
        ActorPath? left = this;
        ActorPath? right = other;
        while (left is not null && right is not null)
        {
            if (ReferenceEquals(left, right))
                return true;
            if (!string.Equals(left.Name, right.Name, StringComparison.Ordinal))
                return false;
            if (left.ParentOrNull is null && right.ParentOrNull is null)
                return left.Address.Equals(right.Address);
            left = left.ParentOrNull;
            right = right.ParentOrNull;
        }

        return false;
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            int hash = ParentOrNull is null ? Address.GetHashCode() : StableHash.Combine(ParentOrNull.GetHashCode(), StableHash.Of(Name));
            _hash = hash == 0 ? 1 : hash;
        }

        return _hash;
    }

    public int CompareTo(ActorPath? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    public static ActorPath operator /(ActorPath path, IEnumerable<string> names) => names.Aggregate(path, (current, name) => current.Child(name));

    public static ActorPath Divide(ActorPath left, string right) => left / right;

    public static bool operator ==(ActorPath? left, ActorPath? right) => Equals(left, right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !Equals(left, right);

    public static bool operator <(ActorPath? left, ActorPath? right) => Comparer<ActorPath>.Default.Compare(left, right) < 0;

    public static bool operator >(ActorPath? left, ActorPath? right) => Comparer<ActorPath>.Default.Compare(left, right) > 0;

    public static bool operator <=(ActorPath? left, ActorPath? right) => Comparer<ActorPath>.Default.Compare(left, right) <= 0;

    public static bool operator >=(ActorPath? left, ActorPath? right) => Comparer<ActorPath>.Default.Compare(left, right) >= 0;

    private static bool HasPathCharacters(string element)
    {
        foreach (char c in element)
        {
            bool allowed = char.IsAsciiLetterOrDigit(c) || c == '%' || PathCharacters.Contains(c, StringComparison.Ordinal);
            if (!allowed)
                return false;
        }

        return element.Length > 0;
    }

    private string AppendUid(string text) => Uid == 0 ? text : text + "#" + Uid.ToString(CultureInfo.InvariantCulture);

    private void AppendNames(StringBuilder text)
    {
        if (ParentOrNull is null)
            return;
        ParentOrNull.AppendNames(text);
        text.Append('/').Append(Name);
    }
}

/// <summary>The root of a system's actors.</summary>
public sealed class RootActorPath(Address address, string name = "") : ActorPath(address, null, name, 0)
{
    public override ActorPath Root => this;

    public override ActorPath WithUid(long uid) => this;
}

/// <summary>An actor below another.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath.Address, parentPath, name, uid)
{
    public override ActorPath Root => Parent.Root;

    public override ActorPath WithUid(long uid) => uid == Uid ? this : new ChildActorPath(Parent, Name, uid);
}
