using System.Text;

namespace Broker.Actors.Security.Users;

/// <summary>Changes a password file: what reads it sees the old users or the new ones, never half of a file. Only its owner may read it.</summary>
public static class UserFileEditor
{
    /// <summary>Adds the user, or gives it another password. Lines of other users, and those for people, stay as they are.</summary>
    /// <param name="path">Made where it does not exist.</param>
    /// <param name="userName">As typed; kept as SASLprep (RFC 4013) makes it.</param>
    /// <param name="password">As typed; nothing of it is kept.</param>
    /// <param name="roles">Those that the user has from now on; null: as before, or none.</param>
    /// <returns>Whether the user was there before.</returns>
    /// <exception cref="UserFileException">The name or the password cannot be used, or the file cannot be read or written.</exception>
    public static bool Set(string path, string userName, string password, IReadOnlyList<string>? roles = null)
    {
        var user = UserRecord.Of(Prepare("user name", userName), Prepare("password", password), roles ?? []);
        return Change(path, user.Name, old => (roles is null && old is not null ? user with { Roles = old.Roles } : user).ToLine());
    }

    /// <summary>Takes the user out.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="UserFileException">The file cannot be read or written.</exception>
    public static bool Delete(string path, string userName) => Change(path, Prepare("user name", userName), null);

    private static string Prepare(string what, string text) =>
        Sasl.SaslPrep.TryPrepare(text, isStored: true, out var prepared, out var problem)
            ? prepared!
            : throw new UserFileException($"The {what} {problem}. Choose another.");

    private static bool Change(string path, string userName, Func<UserRecord?, string>? line)
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
    private static bool TryWrite(FileStream stream, string target, string userName, Func<UserRecord?, string>? line, out bool wasThere)
    {
        var old = File.Exists(target) ? UserFile.Read(target) : null;
        var user = old?.Users.GetValueOrDefault(userName);
        wasThere = user is not null;
        if (line is null && !wasThere)
        {
            return false;
        }

        var lines = (old?.Lines ?? [UserFile.Header]).ToList();
        var place = lines.FindIndex(text => UserFile.HasUser(text) && UserRecord.TryParse(text, out var other, out _) && other!.Name == userName);
        if (place < 0)
        {
            lines.Add(line!(user));
        }
        else if (line is not null)
        {
            lines[place] = line(user);
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
