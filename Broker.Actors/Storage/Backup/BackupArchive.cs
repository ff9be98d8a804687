using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Broker.Actors.Storage.Backup;

/// <summary>The file of a backup: a zip with the databases and a manifest, whose hashes tell what was damaged on the way.</summary>
internal static class BackupArchive
{
    private const string ManifestName = "backup.json";

    /// <summary>Packs the files, by their names without folders.</summary>
    public static void Write(string archive, BackupManifest manifest, IEnumerable<string> files)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(archive, options);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var entry = zip.CreateEntry(ManifestName, CompressionLevel.Fastest).Open())
            {
                JsonSerializer.Serialize(entry, manifest, BackupJson.Default.BackupManifest);
            }

            foreach (var file in files)
            {
                zip.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.Fastest);
            }
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>Unpacks the databases into a folder.</summary>
    /// <exception cref="InvalidDataException">It is no backup, or damaged.</exception>
    public static BackupManifest Read(string archive, string folder)
    {
        using var zip = ZipFile.OpenRead(archive);
        var manifest = ReadManifest(zip);
        foreach (var (name, hash) in manifest.Sha256)
        {
            if (Path.GetFileName(name) != name || zip.GetEntry(name) is not { } entry)
            {
                throw new InvalidDataException($"{name} is not in it");
            }

            var unpacked = Path.Combine(folder, name);
            using (var packed = entry.Open())
            using (var file = new FileStream(unpacked, FileMode.CreateNew))
            {
                packed.CopyTo(file);
                file.Flush(flushToDisk: true);
            }

            if (Hash(unpacked) != hash)
            {
                throw new InvalidDataException($"its {name} is damaged");
            }
        }

        return manifest;
    }

    /// <summary>Of each file, by its name without folders.</summary>
    public static Dictionary<string, string> Hashes(IEnumerable<string> files) => files.ToDictionary(static file => Path.GetFileName(file), Hash);

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static BackupManifest ReadManifest(ZipArchive zip)
    {
        try
        {
            using var entry = zip.GetEntry(ManifestName)?.Open() ?? throw new InvalidDataException($"it is no backup: {ManifestName} is not in it");
            return JsonSerializer.Deserialize(entry, BackupJson.Default.BackupManifest) switch
            {
                { Form: > BackupManifest.CurrentForm } => throw new InvalidDataException("a newer program has written it. Restore it with that one"),
                { Form: >= 1, Sha256.Count: > 0 } manifest => manifest,
                _ => throw new InvalidDataException($"its {ManifestName} does not say which databases are in it"),
            };
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"its {ManifestName} is damaged: {problem.Message}", problem);
        }
    }
}
