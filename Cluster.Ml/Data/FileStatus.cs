using System.Runtime.InteropServices;

namespace Cluster.Ml.Data;

/// <summary>What the file system says of a name or of an open file.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">The number of the user whose it is.</param>
/// <param name="Mode">Who may do what with it.</param>
/// <remarks>
/// Range     Linux; elsewhere <see cref="Of(string)"/> tells files, folders and links apart alone, and takes everything for the user's own
/// Source    statx(2): the layout of its answer is the same on every processor
/// </remarks>
public readonly partial record struct FileStatus(FileKind Kind, uint Owner, UnixFileMode Mode)
{
    private const int AnswerBytes = 256, OwnerOffset = 20, ModeOffset = 28;
    private const int OfLinkItself = 0x100, OfOpenFile = 0x1000, CurrentFolder = -100;
    private const uint KindModeOwner = 0x1 | 0x2 | 0x8;
    private const int KindMask = 0xF000, ModeMask = 0xFFF;

    /// <summary>The user that this process acts as.</summary>
    public static uint CurrentUser => OperatingSystem.IsLinux() ? EffectiveUser() : 0;

    /// <summary>Of what the name stands for; links are not followed.</summary>
    public static FileStatus Of(string path) =>
        OperatingSystem.IsLinux() ? Ask(CurrentFolder, path, OfLinkItself) : Portable(path);

    /// <summary>Of an open file. Linux alone.</summary>
    internal static FileStatus Of(SafeHandle file)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return Ask((int)file.DangerousGetHandle(), "", OfOpenFile);
        }
        finally
        {
            if (held) file.DangerousRelease();
        }
    }

    private static FileStatus Ask(int folder, string path, int flags)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        if (StatusOf(folder, path, flags, KindModeOwner, ref MemoryMarshal.GetReference(answer)) != 0) return default;
        int mode = BitConverter.ToUInt16(answer[ModeOffset..]);
        return new FileStatus(KindOf(mode & KindMask), BitConverter.ToUInt32(answer[OwnerOffset..]), (UnixFileMode)(mode & ModeMask));
    }

    private static FileKind KindOf(int kind) => kind switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        0x1000 => FileKind.Pipe,
        0xC000 => FileKind.Socket,
        _ => FileKind.Device,
    };

    private static FileStatus Portable(string path)
    {
        FileInfo about = new(path);
        FileKind kind = about.LinkTarget is not null ? FileKind.Link : Directory.Exists(path) ? FileKind.Folder : about.Exists ? FileKind.Regular : FileKind.None;
        return new FileStatus(kind, CurrentUser, UnixFileMode.None);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatusOf(int folder, string path, int flags, uint wanted, ref byte answer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
