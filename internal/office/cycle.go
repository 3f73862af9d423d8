package office

// cycle finds a circle along next, as the codes on it with the first repeated
// at the end; nil when there is none. Its stack lies on the heap: a hostile
// file of a million units in one chain must not exhaust the goroutine's.
func cycle(units []Unit, next func(code string) []string) []string {
	const onPath, done = 1, 2
	state := make(map[string]int, len(units))
	type frame struct {
		code string
		rest []string
	}
	for _, u := range units {
		if state[u.Code] == done {
			continue
		}
		state[u.Code] = onPath
		stack := []frame{{u.Code, next(u.Code)}}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if len(f.rest) == 0 {
				state[f.code] = done
				stack = stack[:len(stack)-1]
				continue
			}
			n := f.rest[0]
			f.rest = f.rest[1:]
			switch state[n] {
			case onPath:
				var path []string
				for _, f := range stack {
					if len(path) > 0 || f.code == n {
						path = append(path, f.code)
					}
				}
				return append(path, n)
			case done:
			default:
				state[n] = onPath
				stack = append(stack, frame{n, next(n)})
			}
		}
	}
	return nil
}
