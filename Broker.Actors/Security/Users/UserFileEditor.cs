using System.Text;

namespace Broker.Actors.Security.Users;

/// <summary>Changes a password file: what reads it sees the old users or the new ones, never half of a file. Only its owner may read it.</summary>
public static class UserFileEditor
{
    /// <summary>Adds the user, or gives it another password. Lines of other users, and those for people, stay as they are.</summary>
    /// <param name="path">Made where it does not exist.</param>
    /// <param name="userName">As typed; kept as SASLprep (RFC 4013) makes it.</param>
    /// <param name="password">As typed; nothing of it is kept.</param>
    /// <returns>Whether the user was there before.</returns>
    /// <exception cref="UserFileException">The name or the password cannot be used, or the file cannot be read or written.</exception>
    public static bool Set(string path, string userName, string password)
    {
        var user = UserRecord.Of(Prepare("user name", userName), Prepare("password", password));
        return Change(path, user.Name, user.ToLine());
    }

    /// <summary>Takes the user out.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="UserFileException">The file cannot be read or written.</exception>
    public static bool Delete(string path, string userName) => Change(path, Prepare("user name", userName), null);

    private static string Prepare(string what, string text) =>
        Sasl.SaslPrep.TryPrepare(text, isStored: true, out var prepared, out var problem)
            ? prepared!
            : throw new UserFileException($"The {what} {problem}. Choose another.");

    private static bool Change(string path, string userName, string? line)
    {
        var target = Target(path);
        var next = target + ".new";
        try
        {
            // Also keeps two changes from undoing each other: the second finds it there.
            using (var stream = Create(next))
            {
                try
                {
                    if (!TryWrite(stream, target, userName, line, out var wasThere))
                    {
                        File.Delete(next);
                        return false;
                    }

                    stream.Flush(flushToDisk: true);
                    stream.Close();
                    File.Move(next, target, overwrite: true);
                    return wasThere;
                }
                catch
                {
                    File.Delete(next);
                    throw;
                }
            }
        }
        catch (IOException taken) when (File.Exists(next))
        {
            throw new UserFileException($"{next}: it is there already. Another passwd is at work; if none is, one was interrupted: delete the file.", taken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserFileException($"{path}: it cannot be written: {problem.Message}", problem);
        }
    }

    /// <summary>False: nothing changes.</summary>
    private static bool TryWrite(FileStream stream, string target, string userName, string? line, out bool wasThere)
    {
        var old = File.Exists(target) ? UserFile.Read(target) : null;
        wasThere = old?.Users.ContainsKey(userName) == true;
        if (line is null && !wasThere)
        {
            return false;
        }

        var lines = (old?.Lines ?? [UserFile.Header]).ToList();
        var place = lines.FindIndex(text => UserFile.HasUser(text) && UserRecord.TryParse(text, out var user, out _) && user!.Name == userName);
        if (place < 0)
        {
            lines.Add(line!);
        }
        else if (line is not null)
        {
            lines[place] = line;
        }
        else
        {
            lines.RemoveAt(place);
            if (lines.Count == 0)
            {
                lines.Add(UserFile.Header);
            }
        }

        stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        return true;
    }

    /// <summary>Of a link, what it leads to: a link stays a link.</summary>
    private static string Target(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserFileException($"{path}: it cannot be written: {problem.Message}", problem);
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
