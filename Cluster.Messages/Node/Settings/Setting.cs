namespace Cluster.Messages.Node.Settings;

/// <summary>One setting of a program.</summary>
/// <param name="Name">Its name in a file: words with hyphens.</param>
/// <param name="Option">The option that it sets; errors of the options begin with it.</param>
/// <param name="Placeholder">What stands for the value in the help.</param>
/// <param name="Default">The value if none is given.</param>
/// <param name="Range">Which values are taken.</param>
/// <param name="Description">What it does, for a person.</param>
/// <param name="IsSecret">Taken from files and the environment only, and never shown.</param>
public abstract record Setting(string Name, string Option, string Placeholder, string Default, string Range, string Description, bool IsSecret)
{
    /// <summary>The environment variable that gives it.</summary>
    public string Variable => "CLUSTER_" + Name.ToUpperInvariant().Replace('-', '_');

    /// <summary>The flag that gives it.</summary>
    public string Flag => "--" + Name;

    /// <summary>Whether flags add to it when they are given more than once.</summary>
    public bool IsList { get; init; }
}

/// <summary>One setting of a program with these options.</summary>
/// <param name="Name">Its name in a file: words with hyphens.</param>
/// <param name="Option">The option that it sets; errors of the options begin with it.</param>
/// <param name="Placeholder">What stands for the value in the help.</param>
/// <param name="Default">The value if none is given.</param>
/// <param name="Range">Which values are taken.</param>
/// <param name="Description">What it does, for a person.</param>
/// <param name="IsSecret">Taken from files and the environment only, and never shown.</param>
/// <param name="Wanted">What its text must be.</param>
/// <param name="Apply">The options with the value that the text gives; null if it gives none.</param>
public sealed record Setting<TOptions>(
    string Name, string Option, string Placeholder, string Default, string Range, string Description, bool IsSecret,
    string Wanted, Func<TOptions, string, TOptions?> Apply)
    : Setting(Name, Option, Placeholder, Default, Range, Description, IsSecret)
    where TOptions : class;

/// <summary>The settings of one program, in the order in which its help shows them.</summary>
/// <param name="defaults">The options if nothing is given.</param>
public sealed class SettingList<TOptions>(TOptions defaults)
    where TOptions : class
{
    private readonly List<Setting<TOptions>> _settings = [];

    /// <summary>The options if nothing is given.</summary>
    public TOptions Defaults => defaults;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Setting<TOptions>> All => _settings;

    /// <summary>Adds a setting.</summary>
    /// <param name="name">Its name in a file: words with hyphens.</param>
    /// <param name="option">The option that it sets; errors of the options begin with it.</param>
    /// <param name="kind">What values it has.</param>
    /// <param name="get">The option's value.</param>
    /// <param name="set">The options with another value.</param>
    /// <param name="range">Which values are taken.</param>
    /// <param name="description">What it does, for a person.</param>
    /// <param name="isSecret">Taken from files and the environment only, and never shown.</param>
    /// <returns>This list.</returns>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public SettingList<TOptions> Add<TValue>(
        string name, string option, ValueKind<TValue> kind, Func<TOptions, TValue> get, Func<TOptions, TValue, TOptions> set,
        string range, string description, bool isSecret = false)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(get);
        ArgumentNullException.ThrowIfNull(set);
        if (_settings.Exists(known => known.Name == name))
            throw new ArgumentException($"SettingList.Add: wanted a new name, got '{name}', which is there.", nameof(name));
        _settings.Add(new Setting<TOptions>(
            name, option, kind.Placeholder, kind.Write(get(defaults)), range, description, isSecret, kind.Wanted,
            (options, text) => kind.TryRead(text, out TValue? value) ? set(options, value) : null)
        {
            IsList = kind.IsList,
        });
        return this;
    }
}
