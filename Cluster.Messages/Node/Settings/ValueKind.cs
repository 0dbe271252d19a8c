using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Cluster.Messages.Node.Settings;

/// <summary>Reads a value from text; false if the text is no such value.</summary>
public delegate bool TryReadValue<TValue>(string text, [MaybeNullWhen(false)] out TValue value);

/// <summary>How values of one kind are written in files, environment variables and flags.</summary>
/// <param name="Placeholder">What stands for the value in the help.</param>
/// <param name="Wanted">What is wanted, for errors.</param>
/// <param name="TryRead">Reads one.</param>
/// <param name="Write">Writes one, for the help.</param>
public sealed record ValueKind<TValue>(string Placeholder, string Wanted, TryReadValue<TValue> TryRead, Func<TValue, string> Write)
{
    /// <summary>Whether it is a list, which flags add to when they are given more than once.</summary>
    public bool IsList { get; init; }
}

/// <summary>The kinds of values that settings have.</summary>
public static class ValueKind
{
    private const int UnitBits = 10;

    private static readonly string[] s_byteUnits = ["", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Any text.</summary>
    public static ValueKind<string> Text { get; } = new("TEXT", "text", ReadText, text => text.Length == 0 ? "none" : text);

    /// <summary>Any text, or none.</summary>
    public static ValueKind<string?> OptionalText { get; } = new("TEXT", "text, or none", ReadText, text => text ?? "none");

    /// <summary>A file or folder, or none.</summary>
    public static ValueKind<string?> Path { get; } = new("PATH", "a path", ReadText, path => path ?? "none");

    /// <summary>A whole number.</summary>
    public static ValueKind<int> Whole { get; } = new(
        "N", "a whole number", (string text, out int value) => NumberText.TryRead(text, out value),
        value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    public static ValueKind<double> Number { get; } = new(
        "X", "a number", (string text, out double value) => NumberText.TryRead(text, out value),
        value => value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A length of time: 250ms, 5s, 2m, 1h.</summary>
    public static ValueKind<TimeSpan> Duration { get; } = new("TIME", "a time such as 250ms, 5s, 2m or 1h", ReadDuration, WriteDuration);

    /// <summary>A length of time, or none.</summary>
    public static ValueKind<TimeSpan?> OptionalDuration { get; } = new(
        "TIME", "a time such as 250ms, 5s, 2m or 1h, or none", ReadOptionalDuration, value => value is { } time ? WriteDuration(time) : "none");

    /// <summary>An amount of bytes: 4096, 64KiB, 512MiB, 16GiB; or none.</summary>
    public static ValueKind<long?> OptionalBytes { get; } = new(
        "SIZE", "an amount of bytes such as 4096, 64KiB, 512MiB or 16GiB, or none", ReadOptionalBytes, value => value is { } bytes ? WriteBytes(bytes) : "none");

    /// <summary>A host and a port.</summary>
    public static ValueKind<NodeAddress> Address { get; } = new("HOST:PORT", "HOST:PORT", NodeAddress.TryParse, address => address.ToString());

    /// <summary>A host and a port, or none.</summary>
    public static ValueKind<NodeAddress?> OptionalAddress { get; } = new(
        "HOST:PORT", "HOST:PORT, or none", ReadOptionalAddress, address => address?.ToString() ?? "none");

    /// <summary>Hosts and ports, separated by commas.</summary>
    public static ValueKind<ImmutableArray<NodeAddress>> Addresses { get; } = new(
        "HOST:PORT,...", "HOST:PORT,HOST:PORT,...", ReadAddresses, addresses => addresses.IsEmpty ? "none" : string.Join(',', addresses))
    {
        IsList = true,
    };

    /// <summary>Folders, separated by commas.</summary>
    public static ValueKind<ImmutableArray<string>> Folders { get; } = new(
        "FOLDER,...", "FOLDER,FOLDER,...", ReadFolders, folders => folders.IsEmpty ? "none" : string.Join(',', folders))
    {
        IsList = true,
    };

    /// <summary>Where a service is, or none.</summary>
    public static ValueKind<Uri?> OptionalUri { get; } = new("URL", "a URL, or none", ReadOptionalUri, url => url?.ToString() ?? "none");

    private static bool ReadText(string text, out string value)
    {
        value = text;
        return true;
    }

    private static bool ReadDuration(string text, out TimeSpan value)
    {
        value = default;
        int digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!NumberText.TryRead(text.AsSpan(0, digits), out decimal amount)) return false;
        decimal? ticks = text[digits..].Trim() switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => null,
        };
        if (ticks is null || amount > TimeSpan.MaxValue.Ticks / ticks) return false;
        value = TimeSpan.FromTicks((long)(amount * ticks.Value));
        return true;
    }

    private static string WriteDuration(TimeSpan value)
    {
        (double amount, string unit) = value switch
        {
            _ when value.TotalHours >= 1 && value.Ticks % TimeSpan.TicksPerHour == 0 => (value.TotalHours, "h"),
            _ when value.TotalMinutes >= 1 && value.Ticks % TimeSpan.TicksPerMinute == 0 => (value.TotalMinutes, "m"),
            _ when value.Ticks % TimeSpan.TicksPerSecond == 0 => (value.TotalSeconds, "s"),
            _ => (value.TotalMilliseconds, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{amount}{unit}");
    }

    private static bool ReadOptionalBytes(string text, out long? value)
    {
        value = null;
        if (text == "none") return true;
        int digits = text.TakeWhile(char.IsAsciiDigit).Count();
        int unit = text[digits..].Trim() is { Length: > 0 } named ? Array.IndexOf(s_byteUnits, named) : 0;
        if (unit < 0 || !NumberText.TryRead(text.AsSpan(0, digits), out long amount)) return false;
        if (amount > long.MaxValue >> (UnitBits * unit)) return false;
        value = amount << (UnitBits * unit);
        return true;
    }

    private static string WriteBytes(long bytes)
    {
        int unit = s_byteUnits.Length - 1;
        while (unit > 0 && (bytes == 0 || bytes % (1L << (UnitBits * unit)) != 0)) unit--;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes >> (UnitBits * unit)}{s_byteUnits[unit]}");
    }

    private static bool ReadOptionalDuration(string text, out TimeSpan? value)
    {
        bool read = ReadDuration(text, out TimeSpan time);
        value = read ? time : null;
        return read || text == "none";
    }

    private static bool ReadOptionalAddress(string text, out NodeAddress? value)
    {
        bool read = NodeAddress.TryParse(text, out NodeAddress address);
        value = read ? address : null;
        return read || text == "none";
    }

    private static bool ReadOptionalUri(string text, out Uri? value)
    {
        bool read = Uri.TryCreate(text, UriKind.Absolute, out value);
        return read || text == "none";
    }

    private static bool ReadFolders(string text, out ImmutableArray<string> value)
    {
        value = text is "none" or "" ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries)];
        return value.All(folder => folder.Length > 0);
    }

    private static bool ReadAddresses(string text, out ImmutableArray<NodeAddress> value)
    {
        ImmutableArray<NodeAddress>.Builder addresses = ImmutableArray.CreateBuilder<NodeAddress>();
        value = [];
        if (text is "none" or "") return true;
        foreach (string part in text.Split(','))
        {
            if (!NodeAddress.TryParse(part.Trim(), out NodeAddress address)) return false;
            addresses.Add(address);
        }
        value = addresses.ToImmutable();
        return true;
    }
}
